"""One line makes every boto3 SES send validated, paced to your account and explained."""

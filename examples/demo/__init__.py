"""The demonstration: plain boto3 and the guard, side by side, against a local SES.

``campaign`` sends one campaign in three ways, ``workers`` one from four processes (``worker``),
``lost_answer`` one message whose answer never comes, ``troubles`` meets what goes wrong with SES;
each measures and returns values. ``program`` is the sending program that they share, and ``screen``
shows what they measured.

    python -m examples.demo [--quick]
"""

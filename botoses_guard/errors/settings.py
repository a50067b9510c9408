"""What can be wrong with the settings of a guard."""


class SettingError(ValueError):
    """A setting of the guard that is unknown or does not parse."""


class SettingWarning(UserWarning):
    """A variable ``BOTOSES_GUARD_*`` that no setting reads."""

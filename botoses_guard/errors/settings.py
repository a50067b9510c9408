"""What can be wrong with the settings of a guard."""


class SettingError(ValueError):
    """A setting of the guard that is unknown or does not parse."""


class SettingWarning(UserWarning):
    """Something that is probably not set up as meant.

    A variable ``BOTOSES_GUARD_*`` that no setting reads, a client that is not guarded, or a store
    that cannot work before somebody corrects it.
    """

"""What every test shares."""

from hypothesis import settings

# How long one example takes is the machine's affair: a busy one fails nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

"""The engine's version: raised when its code can change a verdict."""

ENGINE_VERSION = "1.0.0"

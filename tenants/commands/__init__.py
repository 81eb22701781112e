"""The control plane's groups of `loki` commands, one file a group, loaded when called."""

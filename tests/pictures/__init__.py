"""Pictures of the screens, drawn from what the real renderers make."""

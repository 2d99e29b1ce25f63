"""How likely a model finds given continuations of a text: choices and whole texts, exactly."""

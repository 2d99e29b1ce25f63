"""Plan (pure), run (thin), store (append-only), observe (pure)."""

"""How to reach a model: names, catalog, prices, HTTP, local engine, recordings, scripts."""

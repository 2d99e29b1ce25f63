"""Where code that a model wrote is run and harms nothing; `pool.open_fence` is the way in.

Nothing is imported here: the interpreter inside the fence sees these files and no others.
"""

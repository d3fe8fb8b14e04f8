"""How the functions of detectors judge the series of a bucket."""

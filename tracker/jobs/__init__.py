"""A name, a time and a verb each: `schedule.py` is the table, `runner.py` the only user of APScheduler."""

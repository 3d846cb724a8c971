"""Jobs: `schedule.py` lists each with its name, time and function; `runner.py` alone uses APScheduler."""

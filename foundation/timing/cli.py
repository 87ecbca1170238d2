"""``python -m foundation.timing.cli`` writes the holiday files again (needs the development requirements)."""

from foundation.timing.calendars import REGIONS
from foundation.timing.legal_holidays import holiday_list
from foundation.timing.storage import write_holiday_list


def main() -> None:
    """Write one file per region and name each."""
    for region in REGIONS:
        print(write_holiday_list(holiday_list(region)).name)


if __name__ == "__main__":
    main()

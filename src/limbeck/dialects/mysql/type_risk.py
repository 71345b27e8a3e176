"""What becomes of values when their column gets another type, on MySQL and MariaDB."""

from __future__ import annotations

from types import MappingProxyType

from limbeck.dialects.standard.type_risk import ValueRules
from limbeck.dialects.standard.type_words import LONG_TEXT

# "TIMESTAMP has a range of '1970-01-01 00:00:01' UTC to '2038-01-19 03:14:07' UTC":
# https://dev.mysql.com/doc/refman/8.4/en/datetime.html
RULES = ValueRules(
    cuts=True,
    sizes=MappingProxyType({"float": 24, "text": LONG_TEXT, "blob": LONG_TEXT}),
    timestamp_is_short=True,
)

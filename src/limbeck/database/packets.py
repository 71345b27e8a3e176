"""What MariaDB answers to one message, read from the packets that pymysql receives.

Of each result the driver makes a description of each column, and an object of each packet, which
takes more instructions than to send, to wait and to receive. Where only texts are wanted, the rows
are taken out of the packets here (https://mariadb.com/kb/en/result-set-packets/). The driver still
sends, receives, waits and knows its errors.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["answer_of", "has_packets"]

Results = list[list[tuple[str | None, ...]]]
"""The rows of each result."""

_QUERY = 3
_OK, _EOF, _NULL, _ERROR = 0, 0xFE, 0xFB, 0xFF
_MORE_RESULTS = 8
_LOST = 2013
_WITHOUT_EOF = 1 << 24
_LONGEST = 0xFFFFFF
_HEAD = struct.Struct("<I")
_PARTS = (
    "_execute_command", "_read_packet", "_read_bytes", "_rfile", "_force_close", "_next_seq_id",
    "encoding", "server_status", "client_flag",
)  # fmt: skip
"""What is used of the driver's connection, which no documentation promises."""


def has_packets(connection: Any) -> bool:
    """Whether a connection is one whose packets can be read here.

    :param connection: the driver's.
    """
    kind = type(connection)
    return (
        (kind.__module__, kind.__qualname__) == ("pymysql.connections", "Connection")
        and all(hasattr(connection, name) for name in _PARTS)
        and not connection.client_flag & _WITHOUT_EOF
    )


def answer_of(connection: Any, message: str) -> Results:
    """Send a message, and wait for all of its results.

    :param connection: the driver's.
    :param message: the message.
    :returns: the rows of each result, their values as text.
    :raises Exception: what the driver raises.
    """
    connection._execute_command(_QUERY, message)
    try:
        results = _results(connection)
    except connection.Error:
        raise
    except OSError as error:  # a time is over, say
        connection._force_close()
        raise connection.OperationalError(_LOST, f"the connection is lost: {error}") from error
    except BaseException:
        # Half of an answer is left on it.
        connection._force_close()
        raise
    encoding = connection.encoding
    return [[tuple(_values(row, encoding)) for row in rows] for rows in results]


def _results(connection: Any) -> list[list[bytes]]:
    # The driver itself sets how long it waits, before the first packet.
    first = connection._read_packet()
    data = first.get_all_data()
    packets = _packets(connection, type(first))
    found: list[list[bytes]] = []
    while True:
        if data[0] == _OK:
            status = _status_in(data)
        elif data[0] >= _NULL:  # a file is asked for, say
            raise ValueError(f"nobody has asked for what begins with {data[0]}")
        else:
            for _ in range(data[0] + 1):  # the columns, and what ends them
                next(packets)
            rows = []
            for data in packets:
                if data[0] == _EOF and len(data) < 9:
                    break
                rows.append(data)
            status = data[3] | data[4] << 8
            found.append(rows)
        if not status & _MORE_RESULTS:
            break
        data = next(packets)
    connection.server_status = status
    return found


def _packets(connection: Any, kind: Any) -> Iterator[bytes]:
    """What comes after the first packet, to be asked for only while something has to come.

    :param connection: the driver's.
    :param kind: the driver's class of packets.
    """
    read, number = connection._read_bytes, connection._next_seq_id
    data, start, size = b"", 4, 0
    while True:
        if start > size:
            data = data[start - 4 :] + read(start - size)
            start, size = 4, len(data)
        (head,) = _HEAD.unpack_from(data, start - 4)
        end = start + (head & _LONGEST)
        if head >> 24 != number or end - start == _LONGEST:
            raise ValueError(f"{head:x} does not begin packet {number}")
        if end > size:
            # What has come along, the other packets mostly, is read without waiting for more.
            is_there = len(connection._rfile.peek())
            data += read(max(end - size, is_there))
            size = len(data)
        packet = data[start:end]
        start = end + 4
        number = (number + 1) & 0xFF
        if packet[0] == _ERROR:
            kind(packet, connection.encoding).raise_for_error()
        yield packet


def _status_in(data: bytes) -> int:
    """What a packet says that ends a statement without rows."""
    _, place = _number(data, 1)  # rows that it has changed
    _, place = _number(data, place)  # the id of a new one
    return data[place] | data[place + 1] << 8


def _values(row: bytes, encoding: str) -> list[str | None]:
    place = 0
    found: list[str | None] = []
    while place < len(row):
        if row[place] == _NULL:
            place += 1
            found.append(None)
            continue
        size, start = _number(row, place)
        place = start + size
        found.append(str(row[start:place], encoding))
    return found


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number, and where what follows begins.

    https://mariadb.com/kb/en/protocol-data-types/#length-encoded-integers
    """
    first = data[place]
    place += 1
    if first < _NULL:
        return first, place
    end = place + (2 if first == 0xFC else 3 if first == 0xFD else 8)
    return int.from_bytes(data[place:end], "little"), end

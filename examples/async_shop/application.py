"""An async application that brings its database up to date when it starts.

export DATABASE_URL=sqlite+aiosqlite:///visitors.db
limbeck revision --autogenerate -m "visitors"
python application.py
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from models import Visitor
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from limbeck import command
from limbeck.config import Config

SETTINGS = Path(__file__).resolve().parent / "limbeck.toml"


async def start() -> None:
    """Migrate, then greet."""
    # The driver is async, and so is this function; limbeck takes a thread of its own.
    await asyncio.to_thread(command.upgrade, Config(toml_file=SETTINGS), "head")
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with AsyncSession(engine) as session:
        session.add(Visitor(name="Ada"))
        await session.commit()
        count = await session.scalar(select(func.count()).select_from(Visitor))
        print(f"visitors: {count}")
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(start())

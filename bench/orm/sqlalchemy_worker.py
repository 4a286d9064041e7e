"""SQLAlchemy's session as a contender: the same lines in and out as worker.mjs."""

import gc
import json
import sys
import time
from datetime import datetime, timedelta, timezone

from sqlalchemy import Boolean, DateTime, Double, ForeignKey, Integer, String, Text, TypeDecorator
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, relationship, selectinload

_, dialect, url = sys.argv
is_sqlite = dialect == 'sqlite'
address = f'sqlite:///{url[len("sqlite:"):]}' if is_sqlite else url.replace(url.split(':')[0], 'postgresql+psycopg', 1)
engine = create_engine(address, pool_size=5, insertmanyvalues_page_size=1000)


class Iso(TypeDecorator):
    """SQLite's dates are ISO texts here."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value.isoformat(timespec='milliseconds').replace('+00:00', 'Z')

    def process_result_value(self, value, dialect):
        return None if value is None else datetime.fromisoformat(value)


Instant = Iso if is_sqlite else DateTime(timezone=True)


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = 'people'
    id = mapped_column(Integer, primary_key=True)
    name = mapped_column(String(50), nullable=False)
    email = mapped_column(String(100), nullable=False)
    age = mapped_column(Integer, nullable=False)
    score = mapped_column(Double, nullable=False)
    active = mapped_column(Boolean, nullable=False)
    city = mapped_column(String(50), nullable=False)
    zip = mapped_column(String(10), nullable=False)
    note = mapped_column(Text)
    kind = mapped_column(String(10), nullable=False)
    visits = mapped_column(Integer, nullable=False)
    price = mapped_column(String(20), nullable=False)
    created_at = mapped_column(Instant, nullable=False)
    updated_at = mapped_column(Instant)
    notes = relationship('Note', back_populates='person')


class Note(Base):
    __tablename__ = 'notes'
    id = mapped_column(Integer, primary_key=True)
    person_id = mapped_column(ForeignKey('people.id'), nullable=False)
    body = mapped_column(String(200), nullable=False)
    created_at = mapped_column(Instant, nullable=False)
    person = relationship('Person', back_populates='notes')


KEYS = [1 + i * 7919 % 10_000 for i in range(2000)]
START = datetime(2023, 11, 14, tzinfo=timezone.utc)
every = select(Person).order_by(Person.id)


def person(i):
    return dict(
        name=f'Person {i}', email=f'person{i}@example.com', age=20 + i % 50, score=i / 7, active=i % 3 == 0,
        city=f'City {i % 100}', zip=str(10_000 + i % 90_000), note=None if i % 4 == 0 else f'A note about person {i}',
        kind='customer', visits=i % 1000, price=f'{i}.50', created_at=START + timedelta(seconds=i),
        updated_at=None if i % 2 == 0 else START + timedelta(seconds=i),
    )


def load():
    def run():
        with Session(engine) as session:
            session.scalars(every).all()
    return run


def get():
    def run():
        with Session(engine) as session:
            for key in KEYS:
                session.get(Person, key)
    return run


def insert():
    rows = [person(i) for i in range(10_000)]

    def run():
        with Session(engine) as session, session.begin():
            session.add_all([Person(**row) for row in rows])
    return run


def update():
    def run():
        with Session(engine) as session, session.begin():
            for row in session.scalars(every.limit(5000)).all()[::5]:
                row.visits += 1
    return run


def flush():
    # What was loaded stays loaded behind the commit, as with the others.
    session = Session(engine, expire_on_commit=False)
    rows = session.scalars(every).all()
    session.commit()
    rows[len(rows) // 2].visits += 1

    def run():
        session.commit()
        return session.close
    return run


def session():
    def run():
        for key in KEYS:
            with Session(engine) as one:
                one.get(Person, key)
    return run


def eager():
    def run():
        with Session(engine) as session:
            session.scalars(every.options(selectinload(Person.notes))).all()
    return run


def stream():
    def run():
        with Session(engine) as session:
            for row in session.scalars(every.execution_options(yield_per=500)):
                row.visits
    return run


TASKS = dict(load=load, get=get, insert=insert, update=update, flush=flush, session=session, eager=eager, stream=stream)
counts = {'statements': 0}


@event.listens_for(engine, 'before_cursor_execute')
def count(*_):
    counts['statements'] += 1


def memory(field):
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(field))


def restart_peak():
    try:
        with open('/proc/self/clear_refs', 'w') as file:
            file.write('5')
        return memory('VmRSS')
    except OSError:
        return None


def tell(answer):
    print(json.dumps(answer), flush=True)


tell({'tasks': list(TASKS)})
for line in sys.stdin:
    asked = json.loads(line)
    try:
        run = TASKS[asked['task']]()
        gc.collect()
        counts['statements'] = 0
        before = restart_peak() if asked['counts'] else None
        start = time.perf_counter()
        clean = run()
        ms = (time.perf_counter() - start) * 1000
        peak = None if before is None else memory('VmHWM') - before
        if callable(clean):
            clean()
        tell({'ms': ms, 'peak': peak, 'statements': counts['statements']})
    except Exception as error:
        tell({'error': f'{type(error).__name__}: {error}'.split('\n')[0]})

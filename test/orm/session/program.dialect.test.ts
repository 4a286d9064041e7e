/**
 * Random programs on a random graph of objects. A model in memory says what the tables should hold; after every commit
 * they are compared. Run with ALUDEL_TEST_RUNS to look longer.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declarativeBase, integer, many, maybeOne, select, type Session, varchar } from 'aludel';
import { dialects } from '../../support/databases.js';
import { useDatabase } from './fixture.js';

const Base = declarativeBase();

class Team extends Base.table(
  'teams',
  { id: integer().primaryKey(), code: varchar(40).notNull().unique(), leadId: integer().references('people.id') },
  {
    get members() {
      return many(Person, { inverse: 'team', fk: () => Person.c.teamId });
    },
    get lead() {
      return maybeOne(Person, { inverse: 'leads', fk: () => Team.c.leadId });
    },
    get owned() {
      return many(Badge, { inverse: 'team', cascade: 'all, delete-orphan' });
    },
  },
) {}

class Person extends Base.table(
  'people',
  {
    id: integer().primaryKey(),
    code: varchar(40).notNull().unique(),
    teamId: integer().references('teams.id'),
    bossId: integer().references('people.id'),
    /** People, badges and teams need each other in a circle. */
    badgeId: integer().references('badges.id'),
  },
  {
    get team() {
      return maybeOne(Team, { inverse: 'members', fk: () => Person.c.teamId });
    },
    get leads() {
      return many(Team, { inverse: 'lead', fk: () => Team.c.leadId });
    },
    get boss() {
      return maybeOne(Person, { inverse: 'reports' });
    },
    get reports() {
      return many(Person, { inverse: 'boss' });
    },
    get worn() {
      return maybeOne(Badge, { inverse: 'wearers' });
    },
    get tags() {
      return many(Tag, { secondary: 'person_tags', inverse: 'people' });
    },
  },
) {}

class Badge extends Base.table(
  'badges',
  {
    id: integer().primaryKey(),
    code: varchar(40).notNull().unique(),
    teamId: integer().notNull().references('teams.id'),
  },
  {
    get team() {
      return maybeOne(Team, { inverse: 'owned' });
    },
    get wearers() {
      return many(Person, { inverse: 'worn' });
    },
  },
) {}

class Tag extends Base.table(
  'tags',
  { id: integer().primaryKey(), code: varchar(40).notNull().unique() },
  {
    get people() {
      return many(Person, { secondary: 'person_tags', inverse: 'tags' });
    },
  },
) {}
Base.metadata.table('person_tags', {
  personId: integer().primaryKey().references('people.id'),
  tagId: integer().primaryKey().references('tags.id'),
});
Base.register(Team, Person, Badge, Tag);

type Kind = 'team' | 'person' | 'badge' | 'tag';
const CLASSES = { team: Team, person: Person, badge: Badge, tag: Tag };
type Thing = Team | Person | Badge | Tag;

/** What a row should hold; `ref` stands for the object. */
interface Fact {
  readonly kind: Kind;
  code: string;
  team: number | null;
  boss: number | null;
  lead: number | null;
  badge: number | null;
}

interface World {
  readonly facts: Map<number, Fact>;
  readonly tags: Set<string>;
}

const copy = ({ facts, tags }: World): World => ({
  facts: new Map([...facts].map(([ref, fact]) => [ref, { ...fact }])),
  tags: new Set(tags),
});

/** Each operation with how often it is drawn. */
const WEIGHTS = {
  team: 2, person: 2, badge: 4, tag: 2, join: 2, take: 2, leave: 1, boss: 2, report: 1, lead: 1, wear: 3, swap: 1, rename: 1, reuse: 1,
  'tag+': 4, 'tag-': 1, 'badge>': 3, 'badge-': 1, delete: 3, flush: 2, query: 1, load: 2, savepoint: 2, end: 1, commit: 2,
  rollback: 1, reopen: 1,
}; // prettier-ignore
type Op = keyof typeof WEIGHTS;
interface Step {
  readonly op: Op;
  readonly a: number;
  readonly b: number;
}

/** Runs one program against a session and the model at once. */
class Program {
  world: World = { facts: new Map(), tags: new Set() };
  committed: World = copy(this.world);
  objects: Map<number, Thing> = new Map();
  /** Codes are all different, and say nothing of the order. */
  #last = 0;
  readonly #steps: readonly Step[];
  #at = 0;
  session: Session;
  readonly #open: () => Session;
  readonly #check: (world: World) => Promise<void>;

  constructor(steps: readonly Step[], open: () => Session, check: (world: World) => Promise<void>) {
    this.#steps = steps;
    this.#open = open;
    this.#check = check;
    this.session = open();
  }

  async run(): Promise<void> {
    while (this.#at < this.#steps.length) await this.#block(false);
    await this.#commit();
    await this.session.close();
  }

  async #block(isNested: boolean): Promise<void> {
    for (let step = this.#steps[this.#at++]; step !== undefined; step = this.#steps[this.#at++]) {
      if (step.op === 'end') {
        if (isNested) return;
        continue;
      }
      if (step.op === 'savepoint') await this.#savepoint(step);
      else if (!isNested || !['commit', 'rollback', 'reopen'].includes(step.op)) await this.#step(step);
    }
  }

  async #savepoint({ b }: Step): Promise<void> {
    // What nested() flushes first is outside it.
    const before = copy(this.world);
    const objects = new Map(this.objects);
    const undone = new Error('undone');
    const inside = this.session.nested(async () => {
      await this.#block(true);
      if (b % 2 === 0) throw undone;
    });
    await inside.catch((error: unknown) => {
      if (error !== undone) throw error;
      this.world = before;
      this.objects = objects;
    });
  }

  #pick(kind: Kind, n: number): [number, Thing, Fact] | undefined {
    const found = [...this.world.facts].filter(([, fact]) => fact.kind === kind);
    const [ref, fact] = found[n % Math.max(1, found.length)] ?? [];
    const object = ref === undefined ? undefined : this.objects.get(ref);
    return ref === undefined || fact === undefined || object === undefined ? undefined : [ref, object, fact];
  }

  #make(kind: Kind, given: Partial<Fact> = {}): [number, Thing] {
    const ref = ++this.#last;
    const code = `${kind}${ref}`;
    this.world.facts.set(ref, { kind, code, team: null, boss: null, lead: null, badge: null, ...given });
    const made: Thing =
      kind === 'badge'
        ? new Badge({ code, teamId: 0 })
        : new (CLASSES[kind] as new (init: { code: string }) => Thing)({ code });
    this.objects.set(ref, made);
    return [ref, made];
  }

  async #step({ op, a, b }: Step): Promise<void> {
    const [person, other] = [this.#pick('person', a), this.#pick('person', b)];
    const [team, tag, badge] = [this.#pick('team', b), this.#pick('tag', b), this.#pick('badge', a)];
    switch (op) {
      case 'team':
      case 'tag':
        this.session.add(this.#make(op)[1]);
        return;
      case 'person': {
        if (team === undefined || a % 2 === 0) this.session.add(this.#make('person')[1]);
        else (team[1] as Team).members.add(this.#make('person', { team: team[0] })[1] as Person);
        return;
      }
      case 'badge':
        if (team !== undefined) (team[1] as Team).owned.add(this.#make('badge', { team: team[0] })[1] as Badge);
        return;
      case 'join':
        if (person === undefined) return;
        (person[1] as Person).team.set(b % 5 === 0 || team === undefined ? null : (team[1] as Team));
        person[2].team = b % 5 === 0 || team === undefined ? null : team[0];
        return;
      case 'take':
        if (person === undefined || team === undefined) return;
        (team[1] as Team).members.add(person[1] as Person);
        person[2].team = team[0];
        return;
      case 'leave': {
        const from = person?.[2].team ?? null;
        if (person === undefined || from === null) return;
        (this.objects.get(from) as Team).members.remove(person[1] as Person);
        person[2].team = null;
        return;
      }
      case 'boss':
        if (person === undefined || other === undefined) return;
        (person[1] as Person).boss.set(b % 7 === 0 ? null : (other[1] as Person));
        person[2].boss = b % 7 === 0 ? null : other[0];
        return;
      case 'report':
        if (person === undefined || other === undefined) return;
        (person[1] as Person).reports.add(other[1] as Person);
        other[2].boss = person[0];
        return;
      case 'lead':
        if (person === undefined || team === undefined) return;
        (team[1] as Team).lead.set(person[1] as Person);
        team[2].lead = person[0];
        return;
      case 'wear': {
        // What is not there yet may be let go again without a trace.
        if (person === undefined || badge === undefined || this.session.new.includes(badge[1])) return;
        if (b % 2 === 0) (badge[1] as Badge).wearers.add(person[1] as Person);
        else (person[1] as Person).worn.set(b % 5 === 0 ? null : (badge[1] as Badge));
        person[2].badge = b % 10 === 5 ? null : badge[0];
        return;
      }
      case 'swap':
        if (person === undefined || other === undefined) return;
        [person[2].code, other[2].code] = [other[2].code, person[2].code];
        [person[1].code, other[1].code] = [other[1].code, person[1].code];
        return;
      case 'rename':
        if (person !== undefined) person[1].code = person[2].code = `renamed${++this.#last}`;
        return;
      case 'reuse': {
        // A new row takes the unique value of a deleted one.
        if (person === undefined || this.session.new.includes(person[1])) return;
        const { code } = person[2];
        this.#delete(person[0]);
        const [ref, made] = this.#make('person');
        made.code = code;
        const fact = this.world.facts.get(ref);
        if (fact !== undefined) fact.code = code;
        this.session.add(made);
        return;
      }
      case 'tag+':
      case 'tag-': {
        if (person === undefined || tag === undefined) return;
        const link = `${person[0]}:${tag[0]}`;
        if (this.world.tags.has(link) === (op === 'tag+')) return;
        if (op === 'tag+') this.world.tags.add(link);
        else this.world.tags.delete(link);
        if (a % 2 === 0) (person[1] as Person).tags[op === 'tag+' ? 'add' : 'remove'](tag[1] as Tag);
        else (tag[1] as Tag).people[op === 'tag+' ? 'add' : 'remove'](person[1] as Person);
        return;
      }
      case 'badge>':
        if (badge === undefined || team === undefined) return;
        (this.objects.get(badge[2].team ?? 0) as Team).owned.remove(badge[1] as Badge);
        // An autoflush must not cut the move in two.
        if (a % 2 === 0 && this.session.has(badge[1])) await this.session.all(select(Tag));
        (team[1] as Team).owned.add(badge[1] as Badge);
        badge[2].team = team[0];
        return;
      case 'badge-':
        if (badge === undefined) return;
        (this.objects.get(badge[2].team ?? 0) as Team).owned.remove(badge[1] as Badge);
        this.#forget(badge[0]);
        return;
      case 'delete': {
        const victim = this.#pick((['team', 'person', 'badge', 'tag'] as const)[a % 4] ?? 'tag', b);
        if (victim !== undefined) this.#delete(victim[0]);
        return;
      }
      case 'flush':
        return this.session.flush();
      case 'query':
        await this.session.all(select(Person));
        return;
      case 'load':
        if (person !== undefined && a % 2 === 0) await (person[1] as Person).reports.load();
        if (team !== undefined) await (team[1] as Team).members.load();
        if (team !== undefined && a % 3 === 0) await (team[1] as Team).owned.load();
        if (tag !== undefined) await (tag[1] as Tag).people.load();
        return;
      case 'commit':
        return this.#commit();
      case 'rollback':
        await this.session.rollback();
        this.world = copy(this.committed);
        this.objects = new Map([...this.objects].filter(([ref]) => this.world.facts.has(ref)));
        return;
      case 'reopen':
        return this.#reopen();
      default:
    }
  }

  #delete(ref: number): void {
    const object = this.objects.get(ref);
    if (object === undefined) return;
    // Only what has a row can be deleted; what has none is let go.
    if (this.session.new.includes(object)) return;
    this.session.delete(object);
    const kind = this.world.facts.get(ref)?.kind;
    this.#forget(ref);
    for (const [each, fact] of this.world.facts) {
      if (fact.team !== ref) continue;
      fact.team = null;
      if (kind === 'team' && fact.kind === 'badge') this.#forget(each);
    }
    for (const link of this.world.tags) if (link.split(':').includes(String(ref))) this.world.tags.delete(link);
  }

  /** A row is gone, and no other refers to it. */
  #forget(ref: number): void {
    this.world.facts.delete(ref);
    for (const fact of this.world.facts.values()) {
      if (fact.boss === ref) fact.boss = null;
      if (fact.lead === ref) fact.lead = null;
      if (fact.badge === ref) fact.badge = null;
    }
  }

  async #commit(): Promise<void> {
    await this.session.commit();
    this.committed = copy(this.world);
    await this.#check(this.world);
  }

  async #reopen(): Promise<void> {
    await this.#commit();
    await this.session.close();
    this.session = this.#open();
    const byCode = new Map([...this.world.facts].map(([ref, fact]) => [fact.code, ref]));
    this.objects = new Map();
    for (const model of Object.values(CLASSES)) {
      for (const object of await this.session.all<Thing>(select<Thing>(model))) {
        this.objects.set(byCode.get(object.code) ?? 0, object);
      }
    }
  }
}

function expected({ facts, tags }: World): unknown {
  const code = (ref: number | null): string | null => (ref === null ? null : (facts.get(ref)?.code ?? '?'));
  const of = (kind: Kind): Fact[] => [...facts.values()].filter((fact) => fact.kind === kind);
  return {
    teams: of('team').map((fact) => `${fact.code} ${code(fact.lead)}`).sort(),
    people: of('person').map((fact) => `${fact.code} ${code(fact.team)} ${code(fact.boss)} ${code(fact.badge)}`).sort(),
    badges: of('badge').map((fact) => `${fact.code} ${code(fact.team)}`).sort(),
    tags: of('tag').map((fact) => fact.code).sort(),
    links: [...tags].map((link) => link.split(':').map((ref) => code(Number(ref))).join(' ')).sort(),
  }; // prettier-ignore
}

const QUERIES = {
  teams: 'SELECT t.code, l.code AS b FROM teams t LEFT JOIN people l ON l.id = t.lead_id',
  people:
    'SELECT p.code, t.code AS b, q.code AS c, w.code AS d FROM people p LEFT JOIN teams t ON t.id = p.team_id LEFT JOIN people q ON q.id = p.boss_id LEFT JOIN badges w ON w.id = p.badge_id',
  badges: 'SELECT b.code, t.code AS c FROM badges b JOIN teams t ON t.id = b.team_id',
  tags: 'SELECT code FROM tags',
  links:
    'SELECT p.code, t.code AS b FROM person_tags x JOIN people p ON p.id = x.person_id JOIN tags t ON t.id = x.tag_id',
};

const ops = Object.entries(WEIGHTS).map(([op, weight]) => ({ weight, arbitrary: fc.constant(op as Op) }));
const step = fc.record({ op: fc.oneof(...ops), a: fc.nat(50), b: fc.nat(50) });

describe.each(dialects)('$name', (dialect) => {
  const { db, engine, rows } = useDatabase(dialect, Base);

  async function check(world: World): Promise<void> {
    const found: Record<string, string[]> = {};
    for (const [name, sql] of Object.entries(QUERIES)) {
      found[name] = (await rows(sql))
        .map((row) => (row as unknown[]).join(' ').replaceAll(/(?<= |^)(?= |$)/g, 'null'))
        .sort();
    }
    expect(found).toEqual(expected(world));
  }

  it('keeps the tables as the objects say', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const connection = await engine().connect();
      for (const sql of [
        'UPDATE teams SET lead_id = NULL',
        'UPDATE people SET team_id = NULL, boss_id = NULL, badge_id = NULL',
      ]) {
        await connection.execute(sql);
      }
      for (const table of ['person_tags', 'badges', 'tags', 'people', 'teams'])
        await connection.execute(`DELETE FROM ${table}`);
      await connection.close();
      const program = new Program(steps, () => db()(), check);
      try {
        await program.run();
      } finally {
        await program.session.close();
      }
    });
    await fc.assert(property, { numRuns: Number(process.env['ALUDEL_TEST_RUNS'] ?? 150) });
  });
});

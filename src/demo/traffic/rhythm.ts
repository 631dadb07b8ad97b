// The weekly rhythm of traffic: a level for each half hour from Monday 00:00 local time, with mean 1, and the weight of
// requests then (-1 light to 1 heavy), which moves packet sizes and packets per connection. The shapes are drawn from plateaus
// with sloping sides.

/** Half hours of a week. */
export const halfHoursPerWeek = 336;

/** The name of a week. */
export type RhythmName = 'office' | 'evening' | 'daytime' | 'night-batch' | 'steady';

/** A week: `level` and `heft` have one value per half hour. */
export interface Rhythm {
  readonly level: Float64Array;
  readonly heft: Float64Array;
  /** The fraction of the traffic that remains on a holiday. */
  readonly onHoliday: number;
}

/** The rhythm of that name. */
export function rhythmOf(name: RhythmName): Rhythm {
  return rhythms[name];
}

/** One plateau of a day: full between `fromH` and `toH`, sloping over `slopeH` on either side. */
interface Plateau {
  readonly height: number;
  readonly fromH: number;
  readonly toH: number;
  readonly slopeH: number;
}

type Day = readonly Plateau[];

/** Days of a week by kind: Monday to Thursday, Friday, Saturday, Sunday; `floor` is the traffic that never stops. */
interface Shape {
  readonly floor: number;
  readonly onHoliday: number;
  readonly workday: Day;
  readonly friday?: Day;
  readonly saturday: Day;
  readonly sunday: Day;
  readonly heavy: Day;
}

const evening = plateau(1, 19.5, 22, 4);
const office: Day = [plateau(0.8, 9, 12, 1.5), plateau(0.75, 13.25, 16.75, 1.25), plateau(0.3, 8, 18.5, 2)];

const shapes: Readonly<Record<RhythmName, Shape>> = {
  office: {
    floor: 0.04,
    onHoliday: 0.25,
    workday: office,
    friday: [plateau(0.85, 9, 12, 1.5), plateau(0.55, 13.25, 15, 2)],
    saturday: [plateau(0.08, 10, 16, 3)],
    sunday: [plateau(0.04, 11, 20, 4)],
    heavy: [plateau(0.6, 11, 15, 4)],
  },
  evening: {
    floor: 0.12,
    onHoliday: 1.08,
    workday: [evening, plateau(0.35, 10, 17, 3), plateau(0.15, 12, 13, 0.75)],
    friday: [plateau(1.1, 19, 23.25, 4), plateau(0.35, 10, 17, 3)],
    saturday: [plateau(1.15, 18.5, 23, 5), plateau(0.55, 11, 18, 3)],
    sunday: [plateau(1.3, 18.5, 22, 5), plateau(0.65, 11, 18, 3)],
    heavy: [plateau(1, 20, 24, 5)],
  },
  daytime: {
    floor: 0.15,
    onHoliday: 0.6,
    workday: [plateau(0.7, 10, 18, 3.5), plateau(0.35, 19.5, 21.5, 2), plateau(0.15, 12, 13, 0.75)],
    saturday: [plateau(0.55, 11, 21, 4)],
    sunday: [plateau(0.5, 12, 21, 4), plateau(0.2, 19.5, 21.5, 2)],
    heavy: [plateau(0.8, 18, 23, 4)],
  },
  'night-batch': {
    floor: 0.01,
    onHoliday: 0.85,
    workday: [plateau(1, 1.5, 4, 0.5), plateau(0.05, 9, 18, 1)],
    saturday: [plateau(0.8, 1.5, 3, 0.5)],
    sunday: [plateau(1.4, 1, 7.5, 0.5)],
    heavy: [plateau(1, 1, 6, 0.5)],
  },
  steady: {
    floor: 0.6,
    onHoliday: 0.75,
    workday: [plateau(0.4, 9, 21, 4)],
    saturday: [plateau(0.3, 11, 21, 4)],
    sunday: [plateau(0.3, 11, 21, 4)],
    heavy: [plateau(0.4, 10, 18, 5)],
  },
};

const rhythms: Readonly<Record<RhythmName, Rhythm>> = {
  office: week(shapes.office),
  evening: week(shapes.evening),
  daytime: week(shapes.daytime),
  'night-batch': week(shapes['night-batch']),
  steady: week(shapes.steady),
};

function plateau(height: number, fromH: number, toH: number, slopeH: number): Plateau {
  return { height, fromH, toH, slopeH };
}

function week(shape: Shape): Rhythm {
  const { workday, friday = workday, saturday, sunday } = shape;
  const days = [workday, workday, workday, workday, friday, saturday, sunday];
  const level = Float64Array.from({ length: halfHoursPerWeek }, (_, i) => {
    const yesterday = days[(Math.floor(i / 48) + 6) % 7] ?? [];
    const today = days[Math.floor(i / 48)] ?? [];
    const tomorrow = days[(Math.floor(i / 48) + 1) % 7] ?? [];
    const h = (i % 48) / 2;
    return shape.floor + heightAt(today, h) + heightAt(yesterday, h + 24) + heightAt(tomorrow, h - 24);
  });
  const mean = level.reduce((sum, value) => sum + value, 0) / halfHoursPerWeek;
  const heft = level.map((_, i) => {
    const h = (i % 48) / 2;
    const heavy = heightAt(shape.heavy, h) + heightAt(shape.heavy, h + 24) + heightAt(shape.heavy, h - 24);
    return Math.min(1, 2 * heavy - 0.5);
  });
  return { level: level.map((value) => value / mean), heft, onHoliday: shape.onHoliday };
}

function heightAt(day: Day, hour: number): number {
  return day.reduce((sum, { height, fromH, toH, slopeH }) => {
    const outsideH = Math.max(0, fromH - hour, hour - toH);
    const left = Math.max(0, 1 - outsideH / slopeH);
    return sum + height * left * left * (3 - 2 * left);
  }, 0);
}

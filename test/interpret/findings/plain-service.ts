// A plain service over a year, simulated: connections that arrive by chance around a weekly rhythm that wanders, with nights that may be
// silent, holidays, ends of months, growth, changes of summer time, and short bursts; a connection's size has a heavy tail. Nothing is wrong
// with it. Each rate is per step of 300 s.

import { randomFrom } from '../../random.js';

/** Seconds of a step, and steps of an hour and of a day. */
export const stepS = 300;
const [stepsPerHour, stepsPerDay] = [12, 288];

/** The traits that tell one service from another. */
export interface PlainTraits {
  /** New connections per second, on average. */
  readonly connsPerS: number;
  /** The part of the peak that remains at night, and at weekends. */
  readonly night: number;
  readonly weekend: number;
  /** The local hour of the peak. */
  readonly peakHour: number;
  /** Standard deviations of the logarithm from day to day, from hour to hour, and from step to step. */
  readonly daily: number;
  readonly hourly: number;
  readonly stepwise: number;
  /** Short bursts per week. */
  readonly burstsPerWeek: number;
  /** Factors of a week's growth, and of the last days of a month. */
  readonly growthPerWeek: number;
  readonly monthEnd: number;
  /** The exponent of the sizes of connections (Pareto), and the packets of the smallest. */
  readonly tail: number;
  readonly leastPkts: number;
  readonly outPerIn: number;
}

/** Draws the traits of a service: from a few connections a minute to thousands a second. */
export function plainTraits(random: () => number): PlainTraits {
  const between = (from: number, to: number): number => from + (to - from) * random();
  const isOffice = random() < 0.3;
  return {
    connsPerS: 10 ** between(-2, 3),
    night: isOffice ? (random() < 0.5 ? 0 : between(0.01, 0.1)) : between(0.08, 0.6),
    weekend: isOffice ? between(0, 0.2) : between(0.6, 1.3),
    peakHour: isOffice ? 12.5 : between(11, 21),
    daily: between(0.05, 0.15),
    hourly: between(0.05, 0.2),
    stepwise: random() < 0.25 ? between(0.2, 0.4) : between(0.02, 0.15),
    burstsPerWeek: random() < 0.3 ? between(1, 6) : 0,
    growthPerWeek: random() < 0.1 ? 1.03 : between(0.995, 1.01),
    monthEnd: random() < 0.15 ? between(1.5, 2.2) : 1,
    tail: between(1.2, 2.2),
    leastPkts: between(3, 30),
    outPerIn: random() < 0.2 ? 0 : between(0.6, 1.8),
  };
}

/** New connections, packets and bytes in a step, in the order of their data sources. */
export type PlainStep = readonly [conns: number, inPkts: number, outPkts: number, inBytes: number, outBytes: number];

/** A local clock: the hour of the day, the day since 1970, and whether it is a holiday or the end of a month. */
export interface LocalMoment {
  readonly hour: number;
  readonly day: number;
  readonly isHoliday: boolean;
  readonly isMonthEnd: boolean;
}

/** The local clock of Central Europe, with ten holidays a year. */
export function localMoment(timeS: number, summer: boolean): LocalMoment {
  const localS = timeS + 3600 * (summer ? 2 : 1);
  const day = Math.floor(localS / 86_400);
  const date = new Date(day * 86_400_000);
  const next = new Date((day + 2) * 86_400_000);
  const isHoliday = (day * 2_654_435_761) % 4_294_967_296 < (4_294_967_296 * 10) / 365;
  return { hour: (localS % 86_400) / 3600, day, isHoliday, isMonthEnd: date.getUTCMonth() !== next.getUTCMonth() };
}

/** Whether it is summer time: from the last Sunday of March to that of October, 01:00 UTC. */
export function isSummer(timeS: number): boolean {
  const year = new Date(timeS * 1000).getUTCFullYear();
  const lastSunday = (month: number): number => {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return (last.getTime() - last.getUTCDay() * 86_400_000) / 1000 + 3600;
  };
  return timeS >= lastSunday(2) && timeS < lastSunday(9);
}

/** A service that is asked step by step. */
export class PlainService {
  readonly traits: PlainTraits;
  readonly #random: () => number;
  readonly #scale: number;
  #day = -1;
  #ofDay = 0;
  #ofHour = 0;
  #growth = 1;
  #burst = 1;
  #burstSteps = 0;

  constructor(traits: PlainTraits, seed: number) {
    this.traits = traits;
    this.#random = randomFrom(seed);
    this.#scale = 1 / this.#meanLevel();
  }

  next(moment: LocalMoment): PlainStep {
    const { traits } = this;
    this.#wander(moment.day);
    const special = moment.isMonthEnd ? traits.monthEnd : 1;
    const chance = Math.exp(this.#ofDay + this.#ofHour + traits.stepwise * this.#normal());
    const level = this.#scale * levelAt(traits, moment) * special * this.#growth * this.#burstNow();
    return this.#sized(this.#poisson(traits.connsPerS * level * chance * stepS));
  }

  #wander(day: number): void {
    const { daily, hourly, growthPerWeek } = this.traits;
    if (day !== this.#day) {
      this.#day = day;
      this.#ofDay = 0.6 * this.#ofDay + 0.8 * daily * this.#normal();
    }
    const keep = 1 - 1 / (2 * stepsPerHour);
    this.#ofHour = keep * this.#ofHour + Math.sqrt(1 - keep * keep) * hourly * this.#normal();
    this.#growth *= growthPerWeek ** (1 / (7 * stepsPerDay));
  }

  /** A burst lasts some minutes; its strength has a heavy tail. */
  #burstNow(): number {
    if (this.#burstSteps > 0) this.#burstSteps -= 1;
    else if (this.#random() < this.traits.burstsPerWeek / (7 * stepsPerDay)) {
      this.#burst = Math.min(8, 1 + 0.5 * (1 - this.#random()) ** (-1 / 1.5));
      this.#burstSteps = Math.floor(-1.5 * Math.log(1 - this.#random()));
    } else this.#burst = 1;
    return this.#burst;
  }

  /** The sum of that many sizes: their mean, and the largest of them. */
  #sized(conns: number): PlainStep {
    if (conns === 0) return [0, 0, 0, 0, 0];
    const { tail, leastPkts, outPerIn } = this.traits;
    const largest = Math.min(2e5, leastPkts * (conns / -Math.log(1 - this.#random())) ** (1 / tail));
    const inPkts = Math.round(1.5 * leastPkts * conns + largest);
    const outPkts = Math.round(outPerIn * (1.2 * leastPkts * conns + largest * (0.5 + this.#random())));
    return [conns, inPkts, outPkts, Math.round(140 * inPkts), Math.round(800 * outPkts)];
  }

  #poisson(mean: number): number {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.#normal()));
    let [count, product] = [0, this.#random()];
    for (const limit = Math.exp(-mean); product > limit; count += 1) product *= this.#random();
    return count;
  }

  /** Box and Muller. */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
  }

  #meanLevel(): number {
    let sum = 0;
    for (let hour = 0; hour < 168; hour += 1)
      sum += levelAt(this.traits, { hour: hour % 24, day: 4 + Math.floor(hour / 24), isHoliday: false });
    return sum / 168;
  }
}

/** The level of a moment of the week: a smooth day between a night and a peak; a holiday is like a Sunday. Day 0 was a Thursday. */
function levelAt(
  { night, weekend, peakHour }: PlainTraits,
  { hour, day, isHoliday }: Pick<LocalMoment, 'hour' | 'day' | 'isHoliday'>,
): number {
  const isWeekend = isHoliday || (day + 3) % 7 >= 5;
  const away = (((hour - peakHour + 36) % 24) - 12) / 4;
  return night + (1 - night) * Math.exp(-away * away) * (isWeekend ? weekend : 1);
}

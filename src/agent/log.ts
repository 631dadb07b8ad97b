// How the agent's parts report: a function that the command line passes in.

/** The importance of a line. */
export type Level = 'notice' | 'warning' | 'error';

/** Reports a line. */
export type Say = (text: string, level: Level) => void;

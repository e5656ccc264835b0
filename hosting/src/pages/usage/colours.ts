/** Hues that are easily told apart, the accent's first. */
const HUES = [195, 65, 325, 130, 265, 25];

/** The style that gives an element (class `hued`) the colour of the model at this rank. */
export const modelHue = (rank: number) => ({ "--hue": String(HUES[rank % HUES.length]) });

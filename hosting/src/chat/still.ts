import { createStore } from "../create-store";

/** A text that never changes: for messages that nobody is writing. */
export const still = createStore("");

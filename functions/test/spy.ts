import type { Firestore } from "firebase-admin/firestore";

/** Watches every round trip to Firestore, and can cut the process off before or after one of them. */
export function spyOn() {
  const trips: string[] = [];
  let onTrip: (trip: string, run: () => Promise<unknown>) => Promise<unknown> = (_, run) => run();
  const wrapFirestore = (firestore: Firestore) => {
    const trip = (name: string, run: () => Promise<unknown>) => {
      trips.push(name);
      return onTrip(name, run);
    };
    const getAll = firestore.getAll.bind(firestore);
    const batch = firestore.batch.bind(firestore);
    firestore.getAll = ((...refs: never[]) => trip(`read ${refs.length}`, () => getAll(...refs))) as never;
    firestore.batch = () => {
      const made = batch();
      const commit = made.commit.bind(made);
      made.commit = (() => trip("commit", commit)) as never;
      return made;
    };
    return firestore;
  };
  /** The process dies before or after a round trip: nothing reaches the database from then on. */
  const killAt = (step: number, after: boolean) => {
    let seen = 0;
    let dead = false;
    onTrip = async (_, run) => {
      if (dead) throw new Error("the process is gone");
      if (++seen !== step) return run();
      if (after) await run();
      dead = true;
      throw new Error("killed");
    };
  };
  return {
    trips,
    wrapFirestore,
    killAt,
    intercept: (by: typeof onTrip) => (onTrip = by),
    release: () => (onTrip = (_, run) => run()),
  };
}

import { createStore } from "../create-store";

/** Whether the browser believes to be online: surely not where it says no, perhaps where it says yes. */
export const online = createStore(typeof navigator === "undefined" || navigator.onLine);

if (typeof addEventListener === "function") {
  addEventListener("online", () => online.set(true));
  addEventListener("offline", () => online.set(false));
}

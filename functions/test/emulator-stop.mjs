export default async function stopEmulator() {
  globalThis.__firestoreEmulator?.kill();
}

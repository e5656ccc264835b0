import { startDemoModel } from "./server.ts";

const number = (name: string, fallback: number) => {
  const value = Number(process.env[name] || fallback);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Error(`${name} must be a number, 0 or more.`);
};

const model = await startDemoModel({
  port: number("PORT", 5080),
  host: process.env.HOST || "127.0.0.1",
  delayMs: number("DELAY_MS", 25),
});
console.log(`Demo model: ${model.url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void model.close().then(() => process.exit(0)));
}

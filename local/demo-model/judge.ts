import { coachName } from "./persona.ts";
import type { Message } from "./request.ts";

const RETOLD = "what I was told comes to this";

const sentences = (prompt: string) =>
  prompt.split(/[.!?。！？\n]+/).filter((part) => part.trim() !== "").length;

/** A prompt in other words, which have no run of it in common; recognised below. */
export function paraphrase(prompt: string): string {
  const name = coachName(prompt);
  return `In my own words, ${RETOLD}: ${name ? `to go by ${name}` : "to go by no name"}, and to keep to ${sentences(prompt)} points.`;
}

/** The verdict where a message asks whether a reply tells its instructions (the second check); else null. */
export function judge(messages: readonly Message[]): "yes" | "no" | null {
  const [task, material] = messages;
  if (task?.role !== "system" || !task.content.startsWith("You check an assistant's replies")) return null;
  return material?.content.includes(RETOLD) ? "yes" : "no";
}

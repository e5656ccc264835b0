import { Problem, type Services } from "./services.ts";

type Command = {
  /** What follows the command's name. */
  takes: string;
  summary: string;
  run: (services: Services, args: string[]) => Promise<string>;
};

const takesBot = "<bot>";
const takesUser = "<uid>";

/** Every command of an operator by name; `--help` is made from this table. */
export const COMMANDS: Record<string, Command> = {
  showcase: {
    takes: `${takesBot} on|off`,
    summary: "show an assistant in everybody's lounge, or no longer",
    run: async (services, [bot = "", state = ""]) => {
      if (state !== "on" && state !== "off")
        throw new Problem("showcase: say on or off after the assistant.");
      await mark(services, bot, { showcased: state === "on" });
      return `${bot} is ${state === "on" ? "showcased" : "no longer showcased"}.`;
    },
  },
  deactivate: {
    takes: takesBot,
    summary: "take an assistant down: nobody but its creator finds it, nobody can start it",
    run: async (services, [bot = ""]) => {
      await mark(services, bot, { active: false });
      return `${bot} is taken down. Conversations that were begun go on.`;
    },
  },
  activate: {
    takes: takesBot,
    summary: "put an assistant back",
    run: async (services, [bot = ""]) => {
      await mark(services, bot, { active: true });
      return `${bot} is active.`;
    },
  },
  "suspend-key": {
    takes: takesUser,
    summary: "refuse all keys of a user and their app keys; nothing is deleted",
    run: async (services, [uid = ""]) => {
      const keys = await suspend(services, uid, true);
      return `${uid} is suspended (keys: ${keys}).`;
    },
  },
  "restore-key": {
    takes: takesUser,
    summary: "let a suspended user in again",
    run: async (services, [uid = ""]) => {
      const keys = await suspend(services, uid, false);
      return `${uid} is let in again (keys: ${keys}).`;
    },
  },
  reseal: {
    takes: "",
    summary: "seal all prompts under the newest line of SERVER_SECRET (rotation)",
    run: async (services) => {
      const { resealed, damaged, keysLeft } = await services.reseal();
      const lost = damaged > 0 ? ` ${damaged} open under none of the secrets.` : "";
      return `${resealed} prompts resealed.${lost} Keys that still take an earlier secret: ${keysLeft}.`;
    },
  },
  stats: {
    takes: "",
    summary: "count users, app keys, assistants, sessions started and ended",
    run: async ({ users, bots }) => {
      const [people, assistants] = await Promise.all([users.statistics(), bots.statistics()]);
      const lines = {
        users: people.all,
        "app keys": people.appKeys,
        assistants: assistants.all,
        "  showcased": assistants.showcased,
        "  taken down": assistants.inactive,
        "sessions started": people.started,
        "sessions ended": people.ended,
      };
      return Object.entries(lines)
        .map(([name, number]) => `${name.padEnd(18)}${String(number).padStart(9)}`)
        .join("\n");
    },
  },
};

/** Ids of assistants and users: also keeps a slash from naming another path. */
const ID = /^[A-Za-z0-9]{20}$/;

async function mark({ bots, now }: Services, bot: string, marks: { showcased?: boolean; active?: boolean }) {
  if (!ID.test(bot) || !(await bots.mark(bot, marks, now()))) {
    throw new Problem(`There is no assistant ${bot}.`);
  }
}

async function suspend({ users, now }: Services, uid: string, suspended: boolean): Promise<number> {
  const keys = ID.test(uid) ? await users.suspend(uid, suspended, now()) : 0;
  if (keys === 0) throw new Problem(`There is no user ${uid}.`);
  return keys;
}

/** Finds a command and checks how many words follow it. @throws Problem */
export function findCommand(name: string, args: string[]): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Problem(`There is no command "${name}"; see --help.`);
  const wanted = command.takes.split(" ").filter(Boolean).length;
  if (args.length !== wanted) throw new Problem(`Usage: ${[name, command.takes].join(" ").trim()}`);
  return command;
}

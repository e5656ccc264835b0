import { z } from "zod";
import { Failure } from "../errors";
import { operation } from "../operation";
import type { Services } from "../services";
import { signIn } from "./authenticate";
import type { UserRecord } from "./store";

export const UserObject = z
  .object({
    id: z.string(),
    object: z.literal("user"),
    created_at: z.iso.datetime(),
    sessions_started: z.int(),
    sessions_ended: z.int(),
    bots_created: z.int(),
  })
  .meta({ id: "User" });

export const Me = z.object({
  user: UserObject,
  models: z.array(z.string()).describe("Chat models this key may use, recommended ones first."),
});

export const readUser = async ({ users }: Services, uid: string) => {
  const record = await users.read(uid);
  if (!record) throw new Failure("invalid_key", "This account was deleted.");
  return showUser(record);
};

const showUser = ({ id, createdAt, ...counters }: UserRecord) => ({
  id,
  object: "user" as const,
  created_at: createdAt.toISOString(),
  ...counters,
});

export const signInOperation = operation({
  name: "users.sign_in",
  route: "POST /sign-in",
  summary: "Check a key with its provider and open its account; the first time creates it.",
  caller: "user",
  input: z.strictObject({
    firebase_token: z.boolean().optional().describe("Also answer a Firebase custom token."),
  }),
  output: Me.extend({ is_new: z.boolean(), firebase_token: z.string().nullable() }).meta({ id: "SignIn" }),
  errors: [],
  run: async ({ services, user, signal }, input) => {
    const checked = await signIn(services, user, signal);
    return {
      user: await readUser(services, user.uid),
      models: checked.models,
      is_new: user.isNew,
      firebase_token: input.firebase_token ? await services.customToken(user.uid) : null,
    };
  },
});

export const getUser = operation({
  name: "users.get",
  route: "GET /me",
  summary: "The account that a key opens.",
  caller: "user",
  input: z.strictObject({}),
  output: Me.meta({ id: "Me" }),
  errors: [],
  run: async ({ services, user }) => ({
    user: await readUser(services, user.uid),
    models: user.models,
  }),
});

import type { Imported } from "../../client/import";
import { when } from "../../format";
import { accountTexts } from "../../texts/account";

const words = accountTexts.imports;

/** What came in, what can only be read, and what was left out and why. */
export function ImportOutcome({ outcome: { brought, readOnly, remade, skipped } }: { outcome: Imported }) {
  return (
    <>
      <p>
        {words.done(brought)} {remade > 0 && words.remade(remade)} {readOnly > 0 && words.readOnly(readOnly)}
      </p>
      {skipped.length > 0 && (
        <>
          <p>{words.skipped(skipped.length)}:</p>
          <ul>
            {skipped.map(({ session, why }) => (
              <li key={session.id}>
                {nameOf(session)}: {typeof why === "string" ? words.why[why] : why.said}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

type Named = Imported["skipped"][number]["session"];

/** As far as the file says it: what was left out may be malformed. */
const nameOf = ({ bot, updated_at }: Partial<Named>) =>
  words.of(
    bot?.name ?? words.nobody,
    updated_at && !Number.isNaN(Date.parse(updated_at)) ? when(updated_at) : "",
  );

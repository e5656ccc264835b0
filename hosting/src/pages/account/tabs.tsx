import { paths } from "../../router";
import { accountTexts } from "../../texts/account";

/** The two pages that are the visitor's own. */
export function OwnTabs({ here }: { here: "usage" | "account" }) {
  return (
    <nav class="tabs" aria-label={accountTexts.tabs.label}>
      <a href={paths.account} aria-current={here === "account" ? "page" : undefined}>
        {accountTexts.tabs.account}
      </a>
      <a href={paths.usage} aria-current={here === "usage" ? "page" : undefined}>
        {accountTexts.tabs.usage}
      </a>
    </nav>
  );
}

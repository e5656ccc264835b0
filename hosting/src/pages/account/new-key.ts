import { type ApiError, toApiError } from "../../client/errors";
import { wordsFor } from "../../components/notice";
import { accountTexts } from "../../texts/account";

/** What went wrong with a new key or a code, in words of their own where the usual ones would mislead. */
export const wordsForNewKey = (thrown: unknown): string => {
  const error: ApiError = toApiError(thrown);
  return accountTexts.errors[error.code] ?? wordsFor(error);
};

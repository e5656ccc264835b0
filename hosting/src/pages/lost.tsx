import { Empty } from "../components/notice";
import { paths } from "../router";
import { texts } from "../texts";
import { useTitle } from "../title";

/** An address that means nothing here. */
export function LostPage() {
  useTitle(texts.lost.title);
  return (
    <Empty level={1} title={texts.lost.title} what={texts.lost.what}>
      <a class="button" href={paths.home}>
        {texts.lost.home}
      </a>
    </Empty>
  );
}

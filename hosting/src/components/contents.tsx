type Entry = { id: string; title: string };
type Props = { label: string; parts: (Entry & { sections?: Entry[] })[] };

/** What a long page holds, beside it. */
export function Contents({ label, parts }: Props) {
  return (
    <nav class="contents" aria-label={label}>
      {parts.map(({ id, title, sections = [] }) => (
        <div key={id}>
          <a href={`#${id}`}>{title}</a>
          {sections.length > 0 && (
            <ul>
              {sections.map((section) => (
                <li key={section.id}>
                  <a href={`#${section.id}`}>{section.title}</a>
                </li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </nav>
  );
}

// The relay domains: one a line, counted, looked up, from and to files.
import { useMemo, useState } from 'react';
import { Button, Text, TextInput } from '@mantine/core';
import { IconDownload, IconSearch, IconUpload } from '@tabler/icons-react';
import { callGateway } from '../../api/gateway-bridge.ts';
import { formatCount } from '../../components/format-time.ts';
import { ImportLinesDialog, type ImportPreview } from '../../components/import-lines-dialog.tsx';
import { LinesField } from '../../components/lines-field.tsx';
import { reportOutcome } from '../../components/report-outcome.ts';
import { SettingsField } from '../../components/settings-section.tsx';
import { countWords, readDomains, takenBy, type ReadDomains } from './read-domains.ts';
import classes from './message-rule.module.css';

type Props = {
  fileName: string;
  domains: string[];
  problem: string | undefined;
  onChange: (domains: string[]) => void;
};

/** One row of the form. */
export function RelayDomains({ fileName, domains, problem, onChange }: Props) {
  return (
    <SettingsField
      label="Relay domains"
      htmlFor="relay-domains"
      problem={problem}
      of="messageRule.relayDomains"
      help="One a line. example.net takes only that domain; *.example.net takes every name below it."
    >
      <LinesField
        id="relay-domains"
        rows={8}
        entries={domains}
        placeholder={'example.net\n*.example.net'}
        isWrong={problem !== undefined}
        onChange={(next) => onChange(next.map((domain) => domain.toLowerCase()))}
      />
      <Tools fileName={fileName} domains={domains} onChange={onChange} />
    </SettingsField>
  );
}

function Tools({ fileName, domains, onChange }: Omit<Props, 'problem'>) {
  const [query, setQuery] = useState('');
  const known = useMemo(() => new Set(domains), [domains]);
  const { preview, open, take, close } = useImport(known, domains, onChange);
  const save = async (): Promise<void> => {
    const text = domains.map((domain) => `${domain}\n`).join('');
    const saved = await callGateway('list:save', { suggestedName: `${fileName}-relay-domains.txt`, text });
    if (!saved.ok || saved.value !== null)
      reportOutcome(saved, saved.ok ? `Saved ${saved.value?.fileName ?? ''}.` : '');
  };
  return (
    <>
      <div className={classes['tools']}>
        <TextInput
          className={classes['search'] ?? ''}
          aria-label="Search the domains, or ask for an address"
          data-search
          placeholder="A domain, or ada@example.net"
          leftSection={<IconSearch size={16} aria-hidden />}
          spellCheck={false}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <Text c="dimmed">{countWords(domains)}</Text>
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void open()}>
          Import
        </Button>
        <Button
          variant="default"
          leftSection={<IconUpload size={16} />}
          disabled={domains.length === 0}
          onClick={() => void save()}
        >
          Export
        </Button>
      </div>
      {query.trim() !== '' && <Found query={query} known={known} domains={domains} />}
      <ImportLinesDialog
        preview={preview}
        onAdd={() => take('add')}
        onReplace={() => take('replace')}
        onClose={close}
      />
    </>
  );
}

/** What the configuration takes of them. */
const mostDomains = 10_000;
const tooMany = ' A gateway takes no more than 10,000: split the file, or use *.domain.';

/** Matches in sight; the rest is counted. */
const matchesShown = 6;

function Found({ query, known, domains }: { query: string; known: ReadonlySet<string>; domains: string[] }) {
  const text = query.trim().toLowerCase().replace(/^.*@/, '');
  const by = takenBy(known, query);
  const matches = domains.filter((domain) => domain.includes(text));
  const rest = matches.length - matchesShown;
  return (
    <div className={classes['found']} role="status">
      {text.includes('.') && (
        <Text fz={13}>
          {by === null ? `No entry takes mail for ${text}.` : `Mail for ${text} is taken: entry ${by}.`}
        </Text>
      )}
      {(matches.length > 0 || by === null) && (
        <Text fz={13} c="dimmed">
          {matches.length === 0
            ? 'No entry holds this text.'
            : `${formatCount(matches.length)} with this text: ${matches.slice(0, matchesShown).join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`}
        </Text>
      )}
    </div>
  );
}

function useImport(known: ReadonlySet<string>, domains: string[], onChange: (domains: string[]) => void) {
  const [read, setRead] = useState<ReadFile | null>(null);
  const fresh = read?.result.domains.filter((domain) => !known.has(domain)) ?? [];
  return {
    preview: read === null ? null : previewOf(read, { fresh: fresh.length, kept: domains.length }),
    open: async (): Promise<void> => {
      const opened = await callGateway('list:open', {});
      if (!opened.ok) reportOutcome(opened);
      else if (opened.value !== null)
        setRead({ fileName: opened.value.fileName, result: readDomains(opened.value.text) });
    },
    take: (how: 'add' | 'replace'): void => {
      onChange(how === 'add' ? [...domains, ...fresh] : (read?.result.domains ?? []));
      setRead(null);
    },
    close: () => setRead(null),
  };
}

type ReadFile = { fileName: string; result: ReadDomains };

function previewOf({ fileName, result }: ReadFile, { fresh, kept }: { fresh: number; kept: number }): ImportPreview {
  const { domains, repeated, refused } = result;
  if (domains.length === 0) {
    return { fileName, words: 'The file holds no domain.', refused, addWords: null, replaceWords: null };
  }
  const old = domains.length - fresh;
  const parts = [
    `${formatCount(fresh)} are new`,
    ...(old === 0 ? [] : [`${formatCount(old)} are there already`]),
    ...(repeated === 0 ? [] : [`${formatCount(repeated)} stand in the file more than once`]),
  ];
  return {
    fileName,
    words: `${countWords(domains)}: ${parts.join(', ')}.${kept + fresh > mostDomains ? tooMany : ''}`,
    refused,
    addWords: fresh === 0 || kept + fresh > mostDomains ? null : `Add ${formatCount(fresh)}`,
    replaceWords: domains.length > mostDomains ? null : `Replace all by ${formatCount(domains.length)}`,
  };
}

import { css } from "lit";

export const markdownStyles = css`
  :where(.markdown p, .markdown pre, .markdown blockquote) {
    margin: 0;
  }

  .markdown > * + *,
  .markdown blockquote > * + *,
  .markdown li > p + p {
    margin-block-start: 0.5em;
  }

  .markdown .heading {
    font-weight: 650;
  }

  .markdown .heading.large {
    font-size: 1.1em;
  }

  .markdown code {
    padding: 0.1em 0.3em;
    border-radius: 0.3em;
    background: color-mix(in srgb, currentColor 9%, transparent);
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
    font-size: 0.875em;
  }

  .markdown pre {
    padding: 0.6em 0.75em;
    border-radius: 0.6em;
    background: color-mix(in srgb, currentColor 8%, transparent);
    white-space: pre-wrap;
  }

  .markdown pre code {
    padding: 0;
    background: none;
  }

  .markdown blockquote {
    padding-inline-start: 0.75em;
    border-inline-start: 3px solid color-mix(in srgb, currentColor 30%, transparent);
  }

  .markdown ul,
  .markdown ol {
    padding-inline-start: 1.4em;
  }

  .markdown ul {
    list-style: disc;
  }

  .markdown ol {
    list-style: decimal;
  }

  .markdown .task-item {
    margin-inline-start: -1.3em;
    list-style: none;
  }

  .markdown hr {
    border: 0;
    border-block-start: 1px solid color-mix(in srgb, currentColor 30%, transparent);
  }

  .markdown .table {
    max-inline-size: 100%;
    overflow-x: auto;
  }

  .markdown table {
    border-collapse: collapse;
    font-size: 0.9375em;
  }

  .markdown th,
  .markdown td {
    padding: 0.25em 0.6em;
    border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
    text-align: start;
    overflow-wrap: normal;
  }

  .markdown .align-center {
    text-align: center;
  }

  .markdown .align-right {
    text-align: right;
  }

  .markdown .mention {
    font-weight: 600;
  }
`;

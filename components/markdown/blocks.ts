import { html, nothing } from "lit";
import type { MarkedToken, Token, Tokens } from "marked";
import { DEEPEST, inner, type Rendering, renderInlines } from "./inlines.js";

/** Block-level markdown: paragraphs, lists, tables … */
export function renderBlocks(tokens: readonly Token[], rendering: Rendering): unknown {
  if (rendering.depth > DEEPEST) return tokens.map((token) => token.raw).join("");
  return tokens.map((token) => renderBlock(token as MarkedToken, inner(rendering)));
}

function renderBlock(token: MarkedToken, rendering: Rendering): unknown {
  switch (token.type) {
    case "paragraph":
      return html`<p>${renderInlines(token.tokens, rendering)}</p>`;
    case "heading":
      // Not a heading of the page: a message must not take part in its outline.
      return html`<p class=${token.depth <= 2 ? "heading large" : "heading"}>
        ${renderInlines(token.tokens, rendering)}
      </p>`;
    case "code":
      return html`<pre><code>${token.text}</code></pre>`;
    case "blockquote":
      return html`<blockquote>${renderBlocks(token.tokens, rendering)}</blockquote>`;
    case "list":
      return renderList(token, rendering);
    case "table":
      return renderTable(token, rendering);
    case "hr":
      return html`<hr />`;
    case "html":
      return html`<p>${token.raw.trim()}</p>`;
    case "space":
    case "def":
      return nothing;
    default:
      return renderInlines([token], rendering);
  }
}

function renderList(list: Tokens.List, rendering: Rendering): unknown {
  const items = list.items.map(
    (item) => html`<li class=${item.task ? "task-item" : ""}>${renderBlocks(item.tokens, rendering)}</li>`,
  );
  if (!list.ordered) return html`<ul>${items}</ul>`;
  return html`<ol start=${list.start === "" ? 1 : list.start}>${items}</ol>`;
}

function renderTable(table: Tokens.Table, rendering: Rendering): unknown {
  const cells = (row: readonly Tokens.TableCell[]): unknown =>
    row.map((cell) => {
      const content = renderInlines(cell.tokens, rendering);
      const align = `align-${cell.align ?? "start"}`;
      return cell.header
        ? html`<th scope="col" class=${align}>${content}</th>`
        : html`<td class=${align}>${content}</td>`;
    });
  // A wide table scrolls by itself, by keyboard too.
  return html`<div class="table" tabindex="0">
    <table>
      <thead><tr>${cells(table.header)}</tr></thead>
      <tbody>${table.rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody>
    </table>
  </div>`;
}

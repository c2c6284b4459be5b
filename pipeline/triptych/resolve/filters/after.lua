-- Runs after citeproc. Wraps each citation cluster, as citeproc rendered it, in a span of class
-- `cluster` that holds what the author wrote: keys, prefixes, suffixes. If the style puts the
-- cluster into a note, the span goes inside that note.

local stringify = pandoc.utils.stringify

local function attributes(cite)
  local citations = {}
  for n, citation in ipairs(cite.citations) do
    citations[n] = {
      key = citation.id,
      mode = citation.mode,
      prefix = stringify(citation.prefix),
      suffix = stringify(citation.suffix),
    }
  end
  return pandoc.Attr('', { 'cluster' }, { citations = pandoc.json.encode(citations) })
end

local function into_note(note, attr)
  local first = note.content[1]
  if first and first.content then
    first.content = { pandoc.Span(first.content, attr) }
  end
  note.content[1] = first
  return note
end

local function cluster(cite)
  local attr = attributes(cite)
  for n, inline in ipairs(cite.content) do
    if inline.t == 'Note' then
      cite.content[n] = into_note(inline, attr)
      return cite.content
    end
  end
  return pandoc.Span(cite.content, attr)
end

-- Works that a chapter lists without citing them are already listed.
local function heading(header)
  header.attributes.nocite = nil
  return header
end

return { { Cite = cluster, Header = heading } }

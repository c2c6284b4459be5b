-- Part of the filter of LaTeX: tables as pandoc's reader is to have them. It prints the columns of
-- `\cmidrule(l){2-3}` as a cell, what a long table repeats on its pages as rows, and knows no head of
-- several rows.

-- A long table has its head once: that of the first page. Its feet say only that it goes on.
local function unrepeated(body)
  local head = body:match('^(.-)\\endfirsthead%f[%A]') or body:match('^(.-)\\endhead%f[%A]')
  local last
  for _, name in ipairs({ 'endfirsthead', 'endhead', 'endfoot', 'endlastfoot' }) do
    local _, stop = body:find('\\' .. name .. '%f[%A]')
    if stop and (not last or stop > last) then last = stop end
  end
  if not last then return body end
  head = head or body:match('^%s*\\caption%s*%b{}[^\n]*') or ''
  head = head:gsub('%s+$', '')
  if head:match('\\\\$') and head:find('\\\\.*\\\\') then head = head .. ' \\hline' end
  return head .. '\n' .. body:sub(last + 1)
end

local function plain(text)
  text = text:gsub('\\cmidrule%s*%b[]', '\\cmidrule'):gsub('\\cmidrule%s*%b()', '\\cmidrule')
    :gsub('\\cmidrule%s*%b{}', ''):gsub('\\cline%s*%b{}', '')
  return (text:gsub('(\\begin{longtable}%s*%b{})(.-)(\\end{longtable})', function(first, body, last)
    return first .. unrepeated(body) .. last
  end))
end

-- The rows between `\toprule` and the `\midrule` below it, in a text of one table.
local function rows_of_head(text)
  local _, tables = text:gsub('\\begin{%a*tabular%a*%*?}', '')
  local _, long = text:gsub('\\begin{longtable}', '')
  local head = tables + long == 1 and text:match('\\toprule%f[%A](.-)\\midrule%f[%A]')
  if not head then return 0 end
  local _, rows = head:gsub('%b{}', ''):gsub('\\\\', '')
  return rows
end

-- Blocks with the rows of its head in the head of their table.
local function with_head(blocks, text)
  local rows = rows_of_head(text)
  if rows < 2 then return blocks end
  return blocks:walk({ Table = function(tbl)
    local body = tbl.bodies[1] and tbl.bodies[1].body
    if #tbl.head.rows >= rows or not body or #body <= rows - #tbl.head.rows then return nil end
    local head = tbl.head
    while #head.rows < rows do head.rows:insert(table.remove(body, 1)) end
    tbl.head, tbl.bodies[1].body = head, body
    return tbl
  end })
end

return { plain = plain, with_head = with_head }

-- Shared by the filter of formulas: the arguments and groups of TeX, and marks that stand for what
-- pandoc cannot express.

local function inside(group) return group:sub(2, -2) end

-- The argument at a place (a group, a command, or a character) and where it ends.
local function argument(tex, at)
  at = tex:find('%S', at) or #tex + 1
  if tex:sub(at, at) == '{' then
    -- Escaped signs may be braces: they are hidden from the search for the closing brace.
    local _, last = tex:gsub('\\[^%a]', '  '):find('^%b{}', at)
    if last then return tex:sub(at + 1, last - 1), last + 1 end
  end
  local first, last = tex:find('^\\%a+', at)
  if first == nil then first, last = tex:find('^' .. utf8.charpattern, at) end
  if first == nil then return '', at end
  return tex:sub(first, last), last + 1
end

-- The argument in brackets at a place, if there is one; and where it ends.
local function option(tex, at)
  local first, last = tex:find('^%s*%b[]', at)
  if first == nil then return nil, at end
  return inside(tex:sub(first, last):gsub('^%s+', '')), last + 1
end

-- Where the group around a place ends: before its brace, the end of a cell, or `\right`.
local function end_of_group(tex, at)
  local depth = 0
  while at <= #tex do
    local sign = tex:sub(at, at)
    local name = sign == '\\' and (tex:match('^\\%a+', at) or tex:sub(at, at + 1)) or sign
    if name == '{' or name == '\\left' or name == '\\begin' then depth = depth + 1 end
    if name == '}' or name == '\\right' or name == '\\end' then depth = depth - 1 end
    if depth < 0 or (depth == 0 and (name == '&' or name == '\\\\' or name == '\\middle')) then
      return at - 1
    end
    at = at + #name
  end
  return #tex
end

-- A mark is text that begins with a private character. Its value is in hexadecimal digits, so that it
-- holds no TeX.
local function mark(kind, value)
  local hex = value:gsub('.', function(c) return string.format('%02x', c:byte()) end)
  return '\\text{\u{E000}' .. kind .. ':' .. hex .. '}'
end

local function marked(kind, value, tex)
  if not tex:find('%S') then return tex end
  return '\\underset{' .. mark(kind, value) .. '}{' .. tex .. '}'
end

return { inside = inside, argument = argument, option = option, end_of_group = end_of_group,
  mark = mark, marked = marked }

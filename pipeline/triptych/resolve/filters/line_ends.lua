-- Ends of lines in the source between Chinese or Japanese signs are no spaces (CSS Text 3, 4.1.3).
-- Korean writes spaces between words, so that a line's end is one. What stands beside the line's end
-- counts as it is printed, within emphasis, links and code too.

local SIGNS = {
  { 0x2e80, 0x303f }, { 0x3041, 0x30ff }, { 0x31f0, 0x31ff }, { 0x3400, 0x9fff },
  { 0xf900, 0xfaff }, { 0xff01, 0xff9f }, { 0xffe0, 0xffee }, { 0x20000, 0x3ffff },
}
-- Marks that Chinese and Japanese share with other scripts: “ ” ‘ ’ … —
local SHARED = {
  [0x201c] = true, [0x201d] = true, [0x2018] = true, [0x2019] = true, [0x2026] = true,
  [0x2014] = true,
}

local function kind_of(point)
  for _, range in ipairs(SIGNS) do
    if range[1] <= point and point <= range[2] then return 'sign' end
  end
  return SHARED[point] and 'shared' or 'other'
end

-- What the line's end meets in a direction: 'sign', 'shared' or 'other'. Notes are not in the line.
local function beside(inlines, at, step)
  local inline = inlines[at]
  while inline do
    if inline.t == 'Quoted' then return 'shared' end
    local text = inline.t ~= 'Note' and pandoc.utils.stringify(inline) or ''
    if text ~= '' then
      return kind_of(utf8.codepoint(text, step < 0 and utf8.offset(text, -1) or 1))
    end
    if inline.t ~= 'Note' and inline.t ~= 'Span' then return 'other' end
    at = at + step
    inline = inlines[at]
  end
  return 'other'
end

local function is_no_space(before, after)
  return before ~= 'other' and after ~= 'other' and (before == 'sign' or after == 'sign')
end

return {
  {
    Inlines = function(inlines)
      local kept = pandoc.Inlines({})
      for at, inline in ipairs(inlines) do
        local drop = inline.t == 'SoftBreak'
          and is_no_space(beside(inlines, at - 1, -1), beside(inlines, at + 1, 1))
        if not drop then kept:insert(inline) end
      end
      return #kept < #inlines and kept or nil
    end,
  },
}

-- Straight quotation marks beside letters of scripts without spaces between words. Pandoc reads one that
-- stands behind a letter as a closing one, or as an apostrophe. Here those that open are told by what
-- stands beside them, and by what is open already.

local stringify = pandoc.utils.stringify

local RANGES = {
  { 0x0e00, 0x0eff }, { 0x1000, 0x109f }, { 0x1100, 0x11ff }, { 0x1780, 0x17ff }, { 0x2e80, 0x9fff },
  { 0xac00, 0xd7af }, { 0xf900, 0xfaff }, { 0xff00, 0xffef }, { 0x20000, 0x3ffff },
}

local function is_unspaced(point)
  for _, range in ipairs(RANGES) do
    if range[1] <= point and point <= range[2] then return true end
  end
  return false
end

local function is_letter(point)
  if point < 128 then return string.char(point):match('%w') ~= nil end
  return point >= 0xc0 and not is_unspaced(point) and not (0x2000 <= point and point <= 0x206f)
end

local DOUBLE = { opening = 0x201c, closing = 0x201d }
local SINGLE = { opening = 0x2018, closing = 0x2019 }
local SPACE, OTHER = 32, 0xfffc

-- Whether a closing mark at a place opens: another follows, and a letter of such a script is beside it.
local function opens(points, at, mark)
  local before, after = points[at - 1] or SPACE, points[at + 1] or SPACE
  local may = is_unspaced(before) or is_unspaced(after) or (points.parted and before == SPACE)
  if after == SPACE or not may then return false end
  for last = at + 2, #points do
    if points[last] == mark.opening then return false end
    if points[last] == mark.closing then
      local word = mark == SINGLE and (is_letter(before) or is_letter(points[last + 1] or SPACE))
      return points[last - 1] ~= SPACE and not word
    end
  end
  return false
end

local function turn(points, mark, pair, turned)
  local depth, is_open = 0, false
  for at, point in ipairs(points) do
    if point == mark.opening then
      depth = depth + 1
    elseif point == mark.closing and depth > 0 then
      depth = depth - 1
    elseif point == mark.closing and is_open then
      turned[at], is_open = pair[2], false
    elseif point == mark.closing and opens(points, at, mark) then
      turned[at], is_open = pair[1], true
    end
  end
end

local function is_within(inline)
  return inline.content and inline.t ~= 'Note' and inline.t ~= 'Quoted' and inline.t ~= 'Cite'
end

-- The code points of a line; what is no word of it, or is in quotation marks already, is one sign.
local function points_of(inlines, points)
  for _, inline in ipairs(inlines) do
    if inline.t == 'Str' then
      for _, point in utf8.codes(inline.text) do points[#points + 1] = point end
    elseif is_within(inline) then
      points_of(inline.content, points)
    else
      local is_space = inline.t == 'Space' or inline.t == 'SoftBreak' or inline.t == 'LineBreak'
      points[#points + 1] = is_space and SPACE or OTHER
    end
  end
  return points
end

local function write(inlines, turned, at)
  for number, inline in ipairs(inlines) do
    if inline.t == 'Str' then
      local signs = {}
      for _, point in utf8.codes(inline.text) do
        signs[#signs + 1] = turned[at] or utf8.char(point)
        at = at + 1
      end
      inline.text = table.concat(signs)
    elseif is_within(inline) then
      inline.content, at = write(inline.content, turned, at)
    else
      at = at + 1
    end
    inlines[number] = inline
  end
  return inlines, at
end

-- Where a single mark closes before such a letter, pandoc reads on to the next one that does not. What it
-- took for one quotation becomes marks in the line again.
local function parted(inlines)
  local found = pandoc.Inlines({})
  for _, inline in ipairs(inlines) do
    if inline.t == 'Quoted' and inline.quotetype == 'SingleQuote' and stringify(inline.content):find('’') then
      found:insert(pandoc.Str('’'))
      found:extend(inline.content)
      found:insert(pandoc.Str('’'))
    else
      found:insert(inline)
    end
  end
  return #found > #inlines and found or nil
end

local function with(marks)
  local function line(block)
    local flat = parted(block.content)
    local points, turned = points_of(flat or block.content, { parted = flat ~= nil }), {}
    turn(points, DOUBLE, { marks[1], marks[2] }, turned)
    turn(points, SINGLE, { marks[3], marks[4] }, turned)
    if next(turned) == nil then return nil end
    block.content = write(flat or block.content, turned, 1)
    return block
  end
  return { Para = line, Plain = line, Header = line }
end

function Pandoc(doc)
  local marks = pandoc.json.decode(stringify(doc.meta['triptych-quotes']), false)
  local function passage(div)
    local own = marks[div.attributes.lang or '']
    return div.attributes.lang and own and div:walk(with(own)) or nil
  end
  return doc:walk({ Div = passage }):walk(with(marks['']))
end

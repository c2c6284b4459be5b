-- Shared by the filters for cross-references: what a label looks like, and how one is written in braces.

local stringify = pandoc.utils.stringify
local KINDS = {}
for kind in ([[fig tbl tab sec chap app eq eqn lst alg algo thm lem cor prp prop prf cnj def exm exr rem
  sol nte tip wrn imp cau]]):gmatch('%a+') do KINDS[kind] = true end

local function is_label(id)
  local kind = id:match('^(%a+)[:%-]')
  return kind ~= nil and KINDS[kind:lower()] == true
end

local function trim(inlines)
  while #inlines > 0 and (inlines[#inlines].t == 'Space' or inlines[#inlines].t == 'SoftBreak') do
    inlines:remove(#inlines)
  end
  while #inlines > 0 and (inlines[1].t == 'Space' or inlines[1].t == 'SoftBreak') do
    inlines:remove(1)
  end
  return inlines
end

-- `{#eq:x tag="…"}` at a place in a list of inlines, up to its closing brace.
local function attributes_at(inlines, start)
  if inlines[start] == nil or inlines[start].t ~= 'Str' or not inlines[start].text:match('^{#') then
    return nil
  end
  local words = ''
  for n = start, math.min(#inlines, start + 12) do
    local inline = inlines[n]
    words = words .. (inline.t == 'Quoted' and '"' .. stringify(inline.content) .. '"'
      or stringify(inline))
    local inside, after = words:match('^{(.-)}(.*)$')
    if inside then
      return { id = inside:match('#([^%s}]+)'), tag = inside:match('tag="([^"]*)"'), last = n,
        after = after }
    end
  end
  return nil
end

return { is_label = is_label, trim = trim, attributes_at = attributes_at }

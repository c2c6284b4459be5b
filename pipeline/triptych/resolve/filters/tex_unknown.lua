-- Part of the filter of formulas: commands that pandoc's reader of TeX does not know become others that
-- it shows.

local function beside(name)
  return dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), name }))
end
local T, A = beside('tex_commands.lua'), beside('tex_arguments.lua')
local inside, argument, option, marked = A.inside, A.argument, A.option, A.marked

-- `{a \over b}`: the parts before and after it in its group.
local function fractions(tex)
  tex = tex:gsub('%b{}', function(group) return '{' .. fractions(inside(group)) .. '}' end)
  local at = 1
  while true do
    local first, last, name = tex:find('\\(%a+)%f[%A]', at)
    if first == nil then return tex end
    local _, opened = tex:sub(1, first):gsub('{', '')
    local _, closed = tex:sub(1, first):gsub('}', '')
    if (name == 'over' or name == 'atop') and opened == closed then
      local fraction = '\\frac{' .. tex:sub(1, first - 1) .. '}{' .. tex:sub(last + 1) .. '}'
      return name == 'over' and fraction or marked('bar', '0pt', fraction)
    end
    at = last + 1
  end
end

local function known_words(tex)
  return (tex:gsub('\\(%a+)%*?', function(name)
    return T.words[name] and (T.words[name] .. (T.words[name] == '' and ' ' or '')) or nil
  end))
end

local function environments(tex)
  return (tex:gsub('\\cfrac%s*%[[lrc]%]', '\\dfrac'):gsub('\\cfrac%f[%A]', '\\dfrac')
    :gsub('{dcases%*?}', '{cases}'):gsub('{cases%*}', '{cases}')
    :gsub('\\begin{subequations}', ''):gsub('\\end{subequations}', '')
    :gsub('{flalign%*?}', '{aligned}'))
end

-- `{\rm x}` and `\rm x`: the command applies up to the end of its group.
local function declared(tex)
  for _, pair in ipairs(T.declared) do
    local name, command = pair[1], pair[2]
    tex = tex:gsub('%b{}', function(group)
      local start, rest = inside(group):match('^(.-)\\' .. name .. '%f[%A]%s*(.*)$')
      if start == nil or start:find('[{}]') then return '{' .. declared(inside(group)) .. '}' end
      return '{' .. start .. '\\' .. command .. '{' .. declared(rest) .. '}}'
    end)
    local start, rest = tex:match('^(.-)\\' .. name .. '%f[%A]%s*(.*)$')
    if start ~= nil and not start:find('[{}]') then
      tex = start .. '\\' .. command .. '{' .. rest .. '}'
    end
  end
  return tex
end

local function commands(tex)
  local written, at = {}, 1
  while true do
    local first, last, name = tex:find('\\(%a+)%*?', at)
    if first == nil then break end
    local known = T.commands[name]
    written[#written + 1] = tex:sub(at, first - 1)
    if T.arrows[name] then
      local below, above
      below, at = option(tex, last + 1)
      above, at = argument(tex, at)
      local arrow = below and '\\underset{' .. commands(below) .. '}{' .. T.arrows[name] .. '}'
        or T.arrows[name]
      written[#written + 1] = '\\overset{' .. commands(above) .. '}{' .. arrow .. '}'
    elseif known == nil then
      written[#written + 1] = tex:sub(first, last)
      at = last + 1
    else
      at = last + 1
      local given = {}
      if name ~= 'bra' and name ~= 'ket' then _, at = option(tex, at) end
      for n = 1, known[1] do
        given[n], at = argument(tex, at)
        given[n] = commands(given[n])
      end
      written[#written + 1] = (known[2]:gsub('#(%d)', function(n) return given[tonumber(n)] end))
    end
  end
  written[#written + 1] = tex:sub(at)
  return table.concat(written)
end

local function lines(tex)
  local bare = tex:gsub('\\begin(%b{}).-\\end%1', '')
  if not bare:find('\\\\', 1, true) then return tex end
  local kind = bare:find('&', 1, true) and 'aligned' or 'gathered'
  return '\\begin{' .. kind .. '}' .. tex .. '\\end{' .. kind .. '}'
end

local function bare_tags(tex)
  return (tex:gsub('\\tag%*?%s*%b{}', ''):gsub('\\label%s*%b{}', ''))
end

return { environments, declared, known_words, bare_tags, fractions, commands, lines }

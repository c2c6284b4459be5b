-- Signs before references, as pandoc-xnos has them.

local L = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), 'label_words.lua' }))
local is_label = L.is_label

-- For pandoc-xnos, `+@fig:x` and `*@fig:x` mean `@fig:x`, `!@fig:x` means its number, and braces may
-- stand around each.
local function signed(inlines)
  for n = 2, #inlines do
    local cite, before = inlines[n], inlines[n - 1]
    if cite.t == 'Cite' and before.t == 'Str' and is_label(cite.citations[1].id) then
      local start, brace, sign = before.text:match('^([%(%[]*)({?)([+*!]?)$')
      if brace == '{' and inlines[n + 1] and inlines[n + 1].t == 'Str' then
        inlines[n + 1].text = inlines[n + 1].text:gsub('^}', '')
      end
      if start then
        before.text = start
        if sign == '!' then cite.citations[1].mode = 'SuppressAuthor' end
      end
    end
  end
  return inlines
end

return { { Inlines = signed } }

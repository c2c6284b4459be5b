-- Ties before commands of LaTeX and citations. Runs before `latex.lua`, while commands are raw.

local function is_tex(element) return element.format:match('tex') ~= nil end

-- `Figure~\ref{x}`: in LaTeX a tie is a no-break space, but Markdown would print it.
local function ties(inlines)
  for n = 1, #inlines - 1 do
    local after = inlines[n + 1]
    if inlines[n].t == 'Str' and ((after.t == 'RawInline' and is_tex(after)) or after.t == 'Cite')
    then
      inlines[n].text = inlines[n].text:gsub('~$', '\u{A0}')
    end
  end
  return inlines
end

return { { Inlines = ties } }

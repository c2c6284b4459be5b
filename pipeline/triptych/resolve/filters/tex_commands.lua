-- TeX commands that pandoc's reader of formulas does not know or misreads, each with a replacement
-- that it knows. `formulas.lua` reads these tables.

local T = {}

-- Commands with arguments: the number of arguments, and the replacement.
T.commands = {
  nicefrac = { 2, '{#1}/{#2}' }, sfrac = { 2, '{#1}/{#2}' },
  dbinom = { 2, '\\binom{#1}{#2}' }, tbinom = { 2, '\\binom{#1}{#2}' },
  mathbbm = { 1, '\\mathbb{#1}' }, mathbbold = { 1, '\\mathbb{#1}' }, Bbb = { 1, '\\mathbb{#1}' },
  mathpzc = { 1, '\\mathcal{#1}' }, frak = { 1, '\\mathfrak{#1}' }, bold = { 1, '\\mathbf{#1}' },
  mathnormal = { 1, '{#1}' }, mathinner = { 1, '{#1}' }, vcenter = { 1, '{#1}' },
  mathclap = { 1, '{#1}' }, clap = { 1, '\\text{#1}' }, smash = { 1, '{#1}' },
  ensuremath = { 1, '{#1}' }, lefteqn = { 1, '{#1}' }, hbox = { 1, '\\text{#1}' },
  textnormal = { 1, '\\text{#1}' }, textup = { 1, '\\text{#1}' }, textmd = { 1, '\\text{#1}' },
  emph = { 1, '\\textit{#1}' }, vphantom = { 1, '' }, hphantom = { 1, '\\phantom{#1}' },
  prescript = { 3, '{}^{#1}_{#2}{#3}' }, underaccent = { 2, '\\underset{#1}{#2}' },
  cancelto = { 2, '\\cancel{#2}^{#1}' }, slashed = { 1, '\\cancel{#1}' },
  fbox = { 1, '\\boxed{\\text{#1}}' }, framebox = { 1, '\\boxed{\\text{#1}}' },
  bra = { 1, '\\langle #1|' }, ket = { 1, '|#1\\rangle' }, braket = { 1, '\\langle #1\\rangle' },
  Bra = { 1, '\\left\\langle #1\\right|' }, Ket = { 1, '\\left|#1\\right\\rangle' },
  Braket = { 1, '\\left\\langle #1\\right\\rangle' }, abs = { 1, '\\left|#1\\right|' },
  norm = { 1, '\\left\\lVert #1\\right\\rVert' }, set = { 1, '\\{#1\\}' },
  Set = { 1, '\\left\\{#1\\right\\}' }, intertext = { 1, '\\\\ \\text{#1} \\\\' },
  shortintertext = { 1, '\\\\ \\text{#1} \\\\' }, textsuperscript = { 1, '^{\\text{#1}}' },
  textsubscript = { 1, '_{\\text{#1}}' }, operatornamewithlimits = { 1, '\\operatorname*{#1}' },
  widecheck = { 1, '\\overset{ˇ}{#1}' }, dv = { 2, '\\frac{\\mathrm{d}#1}{\\mathrm{d}#2}' },
  pdv = { 2, '\\frac{\\partial #1}{\\partial #2}' },
}

-- Arrows that grow with the text over them and, in brackets, under them.
T.arrows = {
  xLeftarrow = '⇐', xRightarrow = '⇒', xLeftrightarrow = '⇔', xleftrightarrow = '↔',
  xhookleftarrow = '↩', xhookrightarrow = '↪', xmapsto = '↦', xrightleftharpoons = '⇌',
  xleftrightharpoons = '⇋', xleftharpoonup = '↼', xleftharpoondown = '↽', xrightharpoonup = '⇀',
  xrightharpoondown = '⇁', xtwoheadrightarrow = '↠', xtwoheadleftarrow = '↞', xlongequal = '=',
}

-- Commands without arguments.
T.words = {
  thinspace = '\\,', medspace = '\\:', thickspace = '\\;', negthinspace = '\\!',
  negmedspace = '\\!', negthickspace = '\\!', enskip = '\\enspace', nobreak = '', allowbreak = '',
  cr = '\\\\', hfill = '', strut = '', mathstrut = '', xspace = '', protect = '', relax = '', nonumber = '',
  newline = '\\\\', linebreak = '\\\\', nolinebreak = '',
  notag = '', displaybreak = '', noindent = '', centering = '', unboldmath = '', bigm = '\\big',
  Bigm = '\\Big', biggm = '\\bigg', Biggm = '\\Bigg', vcentcolon = ':', ordinarycolon = ':',
  colonequals = ':=', dblcolon = '∷', degree = '^{\\circ}', celsius = '^{\\circ}\\mathrm{C}',
  textdegree = '^{\\circ}', varliminf = '\\underline{\\lim}', varlimsup = '\\overline{\\lim}',
  varprojlim = '\\underset{\\leftarrow}{\\lim}', varinjlim = '\\underset{\\rightarrow}{\\lim}',
  injlim = '\\operatorname*{inj\\,lim}', projlim = '\\operatorname*{proj\\,lim}',
  plim = '\\operatorname*{plim}', argmax = '\\operatorname*{arg\\,max}',
  argmin = '\\operatorname*{arg\\,min}', smallint = '∫', thicksim = '∼', thickapprox = '≈',
  shortmid = '∣', shortparallel = '∥', nshortmid = '∤', nshortparallel = '∦', ngeqq = '≱',
  nleqq = '≰', lvertneqq = '≨', gvertneqq = '≩', doublecap = '⋒', doublecup = '⋓', ldotp = '.',
  mathellipsis = '…', textellipsis = '…', diagup = '╱', diagdown = '╲', gggtr = '⋙', llless = '⋘',
}

-- Signs that pandoc reads as a different one.
T.signs = {
  surd = '√', leqslant = '⩽', geqslant = '⩾', preceq = '⪯', succeq = '⪰', varnothing = '∅',
  square = '□', amalg = '⨿', iff = '⟺', longleftarrow = '⟵', longrightarrow = '⟶',
  longleftrightarrow = '⟷', longmapsto = '⟼', Longleftarrow = '⟸', Longrightarrow = '⟹',
  Longleftrightarrow = '⟺',
}

-- Fonts that apply up to the end of their group.
T.declared = { { 'rm', 'mathrm' }, { 'bf', 'mathbf' }, { 'it', 'mathit' }, { 'sf', 'mathsf' },
  { 'tt', 'mathtt' }, { 'cal', 'mathcal' }, { 'boldmath', 'boldsymbol' } }

-- Styles that apply up to the end of their group.
T.styles = { displaystyle = true, textstyle = true, scriptstyle = true, scriptscriptstyle = true }

-- Commands that no edition shows, with the number of their arguments. The last argument is kept.
T.lost = {
  href = 2, raisebox = 2, tiny = 0, scriptsize = 0, footnotesize = 0, small = 0, large = 0,
  Large = 0, LARGE = 0, huge = 0, Huge = 0, mathrlap = 1, mathllap = 1, rlap = 1, llap = 1,
  hyperref = 1, textsc = 1,
}

-- Those of them whose last argument is text.
T.texts = { raisebox = true, rlap = true, llap = true, textsc = true }

return T

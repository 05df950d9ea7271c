/// How the tear sheet looks: by the browser's own fonts, light or dark as the reader's screen, light on paper.
enum SheetStyle {
    static let css: StaticString = """
        :root{color-scheme:light dark;--ground:#fff;--text:#1b1f24;--muted:#5a626c;--line:#e3e5e8;--card:#fafafb;
        --gain:#0062a0;--loss:#b84a00;--note:#fff6e5;--edge:#e08a00}
        @media (prefers-color-scheme:dark){:root{--ground:#14171c;--text:#e6edf3;--muted:#9aa4af;--line:#2d333b;
        --card:#1a1e24;--gain:#56b4e9;--loss:#f0793a;--note:#2a2416;--edge:#f0a830}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1.5rem;max-width:66rem;background:var(--ground);color:var(--text);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
        h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
        p{margin:.4rem 0}.muted{color:var(--muted)}
        code,pre{font:13px/1.45 ui-monospace,"DejaVu Sans Mono",monospace}
        pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;white-space:pre-wrap;
        overflow-wrap:anywhere;margin:.5rem 0}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0}
        .card{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem}
        .card b{display:block;font-size:1.15rem;font-variant-numeric:tabular-nums;white-space:nowrap}
        .card span{color:var(--muted);font-size:.82rem}
        .gain{color:var(--gain)}.loss{color:var(--loss)}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{padding:.28rem .6rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
        th{color:var(--muted);font-weight:600}.number{text-align:right}
        dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.15rem 1rem;margin:.6rem 0}
        dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
        .pairs{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:0 2rem}
        .plot{overflow-x:auto;margin:.5rem 0}.plot img{width:100%;min-width:36rem;height:auto;display:block}
        .note{background:var(--note);border-left:4px solid var(--edge);padding:.5rem .8rem;margin:1rem 0;border-radius:0 6px 6px 0}
        .note ul{margin:.2rem 0;padding-left:1.2rem}
        @media (max-width:40rem){body{padding:.8rem}dl{grid-template-columns:1fr}dt{margin-top:.3rem}}
        @media print{:root{color-scheme:light;--ground:#fff;--text:#000;--muted:#444;--line:#ccc;--card:#fff;--gain:#0062a0;
        --loss:#b84a00;--note:#fff}body{max-width:none;padding:0;font-size:10pt}h2{break-after:avoid}
        .plot,.card,tr,.note{break-inside:avoid}.plot img{min-width:0}}
        """
}

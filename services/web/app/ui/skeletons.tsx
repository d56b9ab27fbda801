const WIDTHS = [34, 46, 28, 40, 52, 30, 44, 36, 48, 32];

export const RowSkeletons = () => (
  <ul className="rows">
    {WIDTHS.map((width) => (
      <li key={width} className="row sk-row" aria-hidden="true">
        <span className="sk av" />
        <span className="sk" style={{ width: `${width}%` }} />
        <span className="sk" style={{ width: `${width + 30}%` }} />
      </li>
    ))}
  </ul>
);

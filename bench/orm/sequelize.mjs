import { DataTypes, Op, Sequelize } from 'sequelize';
import { KEYS, people } from './database.mjs';

/**
 * @param {string} dialect
 * @param {string} url
 */
export async function open(dialect, url) {
  const options = { logging: /** @type {false} */ (false), define: { underscored: true, timestamps: false } };
  const sequelize =
    dialect === 'sqlite'
      ? new Sequelize({ ...options, dialect: 'sqlite', storage: url.slice('sqlite:'.length) })
      : new Sequelize(url, options);
  const required = (/** @type {any} */ type) => ({ type, allowNull: false });
  const Person = /** @type {any} */ (
    sequelize.define(
      'person',
      {
        id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
        name: required(DataTypes.STRING),
        email: required(DataTypes.STRING),
        age: required(DataTypes.INTEGER),
        score: required(DataTypes.DOUBLE),
        active: required(DataTypes.BOOLEAN),
        city: required(DataTypes.STRING),
        zip: required(DataTypes.STRING),
        note: DataTypes.TEXT,
        kind: required(DataTypes.STRING),
        visits: required(DataTypes.INTEGER),
        price: required(DataTypes.STRING),
        createdAt: required(DataTypes.DATE),
        updatedAt: DataTypes.DATE,
      },
      { tableName: 'people' },
    )
  );
  const Note = sequelize.define('note', {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    body: required(DataTypes.STRING),
    createdAt: required(DataTypes.DATE),
  });
  Person.hasMany(Note, { foreignKey: 'personId' });
  Note.belongsTo(Person, { foreignKey: 'personId' });
  const all = { order: [['id', 'ASC']] };
  return {
    load: async () => async () => void (await Person.findAll(all)),
    get: async () => async () => {
      for (const key of KEYS) await Person.findByPk(key);
    },
    insert: async () => {
      const rows = people(10_000);
      return () =>
        sequelize.transaction(async (transaction) => {
          for (let start = 0; start < rows.length; start += 2000) {
            await Person.bulkCreate(rows.slice(start, start + 2000), { transaction, returning: true });
          }
        });
    },
    update: async () => () =>
      sequelize.transaction(async (transaction) => {
        const rows = await Person.findAll({ ...all, limit: 5000, transaction });
        for (let i = 0; i < rows.length; i += 5) {
          rows[i].visits += 1;
          await rows[i].save({ transaction });
        }
      }),
    flush: async () => {
      const rows = await Person.findAll(all);
      const row = rows[rows.length >> 1];
      row.visits += 1;
      return () => sequelize.transaction((transaction) => row.save({ transaction }));
    },
    session: async () => async () => {
      for (const key of KEYS) await sequelize.transaction((transaction) => Person.findByPk(key, { transaction }));
    },
    eager: async () => async () => void (await Person.findAll({ ...all, include: { model: Note, separate: true } })),
    stream: async () => async () => {
      let count = 0;
      for (let last = 0; ;) {
        const rows = await Person.findAll({ ...all, where: { id: { [Op.gt]: last } }, limit: 500 });
        for (const row of rows) count += row.visits;
        if (rows.length < 500) return void count;
        last = rows.at(-1).id;
      }
    },
    close: () => sequelize.close(),
  };
}
